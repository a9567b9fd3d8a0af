"use strict";
/* Part III a second time, for a page without a server: one function a rule, a unit at a time, named as in plan/, to be read
   side by side. No threshold stands here: every number comes from the rule book and the facts in the page. Amounts are
   BigInt: a percentage of the largest stays exact. */

const embedded = JSON.parse(document.getElementById("ctd_data").textContent);
const { rules, settings: base, words, columns, moves: MOVES } = embedded;
const { classes: CLASSES, flags: FLAGS } = rules;
const [LOWEST, NO_CLASS] = [CLASSES.length - 1, -1];

/* ---------------- facts.py */

const amount = text => text === null ? null : BigInt(text);
const amounts = table => Object.fromEntries(Object.entries(table).map(([name, text]) => [name, amount(text)]));
const facts = embedded.facts.map(unit => ({ ...unit, actual: amounts(unit.actual), target: amounts(unit.target),
  smallest_fund: amount(unit.smallest_fund), total_fund: amount(unit.total_fund) }));

/* three values: true, false, null for what is not knowable */
const or = (...known) => known.includes(true) ? true : known.includes(null) ? null : false;
const and = (...known) => known.includes(false) ? false : known.includes(null) ? null : true;
const reads = (settings, reading, option) => settings[`readings.${reading}`] === option;

function below(actual, target, percent) {
  if (target === BigInt(0)) return false;                       // nothing was asked
  if (target === null || actual === null) return null;
  return BigInt(100) * actual < BigInt(percent) * target;
}

function under(actual, bar) {
  return actual === null ? null : actual < BigInt(bar);
}

/* ---------------- ladder.py: III.1 */

function place(unit, settings) {
  const a = unit.a + (reads(settings, "not_applicable", "as_a") ? unit.not_applicable : 0);
  const branch_base = reads(settings, "branch_base", "rated") ? unit.branches_rated : unit.branches;
  const share_known = branch_base > 0;
  const bars = CLASSES.slice(0, LOWEST).map(rung => {
    const exactly = rung === "average" && reads(settings, "average_branches", "exactly_good");
    const counted = exactly ? unit.branches_exactly_good : unit.branches_good;
    const line = { a: a >= settings[`class.${rung}.min_a`], c: unit.c <= settings[`class.${rung}.max_c`],
      branches: share_known && 100 * counted >= settings[`class.${rung}.branch_percent`] * branch_base };
    return { ...line, all: line.a && line.c && line.branches };
  });
  const best = condition => { const rung = bars.findIndex(line => line[condition]); return rung === NO_CLASS ? LOWEST : rung; };
  const band = best("a");
  const literal = band === LOWEST || bars[band].all;
  const gap = reads(settings, "ladder_gap", "waterfall") ? best("all")
    : reads(settings, "ladder_gap", "one_level_down") ? one_down(band, 1) : NO_CLASS;
  return { share_known, base_class: literal ? band : gap };
}

function one_down(rung, steps) {
  return rung === NO_CLASS ? NO_CLASS : Math.min(rung + steps, LOWEST);
}

function provisional(unit, placement) {
  return unit.ungraded > 0 || !placement.share_known;
}

/* ---------------- filings.py: III.2.1 */

function late(unit, settings, filing) {
  const came = unit.filings[filing], bar = settings[`filing.${filing}.before`];     // days written year-month-day sort as text
  if (came === null) return null;
  return came === "none" || came > bar || came === bar && reads(settings, "deadline_day", "late");
}

function fact(unit, settings, name) {
  const filings = Object.keys(rules.filings).filter(filing => rules.filings[filing] === name);
  return or(...filings.map(filing => late(unit, settings, filing)));
}

function not_considered(unit, settings) {
  const unregistered = fact(unit, settings, "unregistered"), undelivered = fact(unit, settings, "undelivered");
  return reads(settings, "not_considered", "both") ? and(unregistered, undelivered) : or(unregistered, undelivered);
}

/* ---------------- flags.py: III.2.2 */

function raise_all(unit, settings) {
  return Object.fromEntries(Object.entries(FLAGS).map(([id, rule]) =>
    [id, joined(settings, rule, KINDS[rule.kind](unit, settings, { id, ...rule }))]));
}

/* any of the conditions, or all of them: as the flag says, or the option of the reading it names */
function joined(settings, { join }, known) {
  const means = join in rules.joins ? rules.joins[join][settings[`readings.${join}`]] : join;
  return (means === "any" ? or : and)(...known);
}

function shortfalls(unit, settings, { id, indicators, target_of }) {
  return indicators.map(name => below(unit.actual[name], unit.target[target_of || name], settings[`flag.${id}.below_percent`]));
}

function none_held(unit, settings, { indicators }) {
  return indicators.map(name => under(unit.actual[name], 1));
}

function funds(unit, settings, { id, indicators }) {
  const unit_fund = or(...indicators.map(name => under(unit.actual[name], settings[`flag.${id}.unit_min`])));
  return [unit_fund, branch_fund(unit, settings, BigInt(settings[`flag.${id}.branch_min`]))];
}

function branch_fund(unit, settings, bar) {
  const all_known = unit.total_fund !== null, one_short = unit.smallest_fund !== null && unit.smallest_fund < bar;
  const every = one_short ? true : all_known ? false : null;
  const average = all_known ? unit.total_fund < bar * BigInt(unit.fund_branches) : null;
  return reads(settings, "branch_fund", "every") ? every : average;
}

const KINDS = { below: shortfalls, none_held, funds };

function steps_down(unit, settings, flags) {
  const counting = Object.keys(FLAGS).filter(flag => flags[flag] === true && !unit.waived.includes(flag));
  const by_group = new Set(counting.map(flag => FLAGS[flag].group));
  if (unit.downgrades > 0) by_group.add(rules.council);
  const all_raised = counting.length + unit.downgrades;
  return reads(settings, "several_flags", "once") ? Math.min(all_raised, 1)
    : reads(settings, "several_flags", "per_group") ? by_group.size : all_raised;
}

/* ---------------- judgement.py: all of it in its order */

function judge_one(unit, settings) {
  const placement = place(unit, settings), flags = raise_all(unit, settings), by_filings = not_considered(unit, settings);
  const reasons = steps_down(unit, settings, flags);
  const excluding = reads(settings, "sanction", "not_considered");
  const excluded = by_filings === true || unit.put_out || reasons > 0 && excluding;
  const considered = !excluded || unit.let_in;
  const steps = excluding ? 0 : reasons;
  const proposed = considered ? one_down(placement.base_class, steps) : NO_CLASS;
  const final = considered && unit.given !== NO_CLASS ? unit.given : proposed;
  const unknown = [by_filings, ...Object.values(flags)].includes(null);
  return { placement, flags, considered, proposed, final, provisional: provisional(unit, placement) || unknown };
}

/* step 2 of the chain: by the rules alone */
function rules_class(unit, settings) {
  const undecided = { ...unit, waived: [], downgrades: 0, put_out: false, let_in: false, given: NO_CLASS };
  const { considered, final } = judge_one(undecided, settings);
  return outcome(class_name(final), considered);
}

/* ---------------- ranking.py */

function better(one, other) {
  for (const key of rules.ranking) if (merit(one, key) !== merit(other, key)) return merit(one, key) > merit(other, key);
  return false;
}

function merit({ unit, final }, key) {
  return key === "class" ? -final : unit.merits[key];
}

function order(judged) {
  const standing = facts.map((unit, i) => ({ unit, final: judged[i].final }));
  const ranked = standing.filter(one => one.final !== NO_CLASS);
  return standing.map(one => {
    if (one.final === NO_CLASS) return { rank: null, tied: false, nominee: false };
    const rivals = ranked.filter(other => other !== one && other.unit.cluster === one.unit.cluster);
    const ahead = rivals.filter(other => better(other, one));
    const equals = rivals.filter(other => !better(other, one) && !better(one, other));
    const rank = 1 + ahead.length, is_excellent = one.final === CLASSES.indexOf("excellent");
    if (rank === 1 && one.unit.put_first) return { rank, tied: false, nominee: is_excellent };
    if (rank === 1 && equals.some(other => other.unit.put_first))       /* the Council put another of them first */
      return { rank: rank + 1, tied: equals.length > 1, nominee: false };
    return { rank, tied: equals.length > 0, nominee: rank === 1 && is_excellent };
  });
}

/* ---------------- appraisal.py: every unit's entry */

const class_name = rung => rung === NO_CLASS ? null : CLASSES[rung];
const outcome = (name, considered) => name || (considered ? "no_class" : "not_considered");

function judge(changes) {
  const settings = { ...base, ...changes }, judged = facts.map(unit => judge_one(unit, settings)), ranks = order(judged);
  return facts.map((unit, i) => ({
    unit: unit.unit, base_class: class_name(judged[i].placement.base_class), flags: judged[i].flags,
    considered: judged[i].considered, rules_class: rules_class(unit, settings), proposed_class: class_name(judged[i].proposed), final_class: class_name(judged[i].final),
    cluster_rank: ranks[i].rank, tied: ranks[i].tied, nominee: ranks[i].nominee, provisional: judged[i].provisional }));
}

/* rulebook.py: where the ladder does not descend */
function uneven_bars(changes) {
  const settings = { ...base, ...changes };
  const sound = { min_a: (hi, lo) => hi > lo, max_c: (hi, lo) => hi <= lo, branch_percent: (hi, lo) => hi >= lo };
  return Object.keys(sound).flatMap(name => CLASSES.slice(1, LOWEST).flatMap((lower, upper) => {
    const key = `class.${CLASSES[upper]}.${name}`;
    return sound[name](settings[key], settings[`class.${lower}.${name}`]) ? [] : [key];
  }));
}

/* ---------------- the table: words and tone of a cell */

function outcome_cell(name, considered) {
  const id = outcome(name, considered);
  return [words.classes[id] || words[id], id in words.classes ? id : "none"];
}

const yes_no = (answer, yes) => [answer ? yes : words.no, ""];

function flags_cell(unit, { flags }) {
  const waived = flag => unit.waived.includes(flag) ? words.waived : "";
  const those = state => Object.keys(FLAGS).filter(flag => flags[flag] === state);
  const raised = [...those(true).map(flag => words.flags[flag] + waived(flag)), ...Array(unit.downgrades).fill(words.added)];
  const unknown = those(null).map(flag => words.flags[flag]);
  const found = [...raised, ...(unknown.length ? [`${words.unknown} ${unknown.join(", ")}`] : [])];
  return [found.join("; ") || words.clear, raised.length ? "raised" : unknown.length ? "unknown" : ""];
}

const CELLS = {
  base_class: (unit, one) => outcome_cell(one.base_class, true),
  flags: flags_cell,
  rules_class: (unit, one) => outcome_cell(one.rules_class),
  final_class: (unit, one) => outcome_cell(one.final_class, one.considered),
  cluster_rank: (unit, one) => [one.cluster_rank === null ? words.no : one.cluster_rank + (one.tied ? words.tied : ""), ""],
  nominee: (unit, one) => yes_no(one.nominee, words.nominee),
  provisional: (unit, one) => yes_no(one.provisional, words.provisional) };

const rows = new Map([...document.querySelectorAll("tr[id]")].map(row => [row.id, row]));
const before = judge({});

function write(unit, was, now) {
  const row = rows.get(unit.unit);
  columns.forEach((what, k) => {
    if (!what) return;
    const [old] = CELLS[what](unit, was), [text, tone] = CELLS[what](unit, now), changed = String(old) !== String(text);
    row.cells[k].textContent = changed ? `${old} → ${text}` : text;
    row.cells[k].className = [tone && `tone-${tone}`, changed && "changed"].filter(Boolean).join(" ");
  });
  const moved = MOVES.some(what => was[what] !== now[what]);
  row.classList.toggle("moved", moved);
  return moved;
}

/* ---------------- the controls */

const at = name => document.getElementById(`ctd_${name}`);
const form = at("controls"), title = document.title, keys = Object.keys(base);
const grouped = value => value.toLocaleString("vi-VN");

function spelled(key, value) {
  if (key.startsWith("readings.")) return words.options[key][value];
  return typeof value === "number" ? grouped(value) : value.split("-").reverse().join("/");
}

/* what a control holds, or null where that is nothing to go by */
function typed({ type, value, validity, dataset }) {
  if (!type) return value;                                      // a list of options
  if (!validity.valid || !value) return null;
  if (type === "date") return value;
  const digits = type === "text" ? value.replace(/[.\s]/g, "") : value;
  return /^\d+$/.test(digits) && BigInt(digits) <= BigInt(dataset.highest) ? Number(digits) : null;
}

function show() {
  const asked = Object.fromEntries(keys.map(key => [key, typed(form.elements[key])]));
  const wrong = keys.filter(key => asked[key] === null);
  const different = keys.filter(key => asked[key] !== null && asked[key] !== base[key]);
  const changes = Object.fromEntries(different.map(key => [key, asked[key]])), now = judge(changes);
  const moved = facts.filter((unit, i) => write(unit, before[i], now[i])), trial = different.length > 0;

  const line = (key, text) => Object.assign(document.createElement("li"), { textContent: `${words.names[key]}: ${text}` });
  at("changes").replaceChildren(...different.map(key => line(key, `${spelled(key, base[key])} → ${spelled(key, asked[key])}`)));
  at("warnings").replaceChildren(...wrong.map(key => line(key, words.wrong)),
    ...uneven_bars(changes).map(key => line(key, words.uneven)));
  at("status").textContent = trial ? `${moved.length}/${facts.length} ${words.moved}` : words.unchanged;
  for (const box of form.querySelectorAll("[data-key]")) box.classList.toggle("changed", box.dataset.key in changes);
  for (const box of form.querySelectorAll("input")) box.setAttribute("aria-invalid", wrong.includes(box.name));
  for (const count of form.querySelectorAll(".count")) {
    const inside = count.closest("details").querySelectorAll("[data-key].changed").length;
    count.textContent = inside ? `(${inside} ${words.changed})` : "";
  }
  at("mark").hidden = at("trial").hidden = !trial;
  at("sheets").media = trial ? "all" : "not all";
  document.title = trial ? `${words.trial} – ${title}` : title;
  at("save").href = `data:application/toml,${encodeURIComponent(toml(changes, now))}`;
  at("save").hidden = !trial;
  at("link").href = `#${different.map(key => `${key}=${asked[key]}`).join("&")}`;
}

/* ---------------- scenario.py: a scenario as a TOML file, written and opened */

const quoted = value => typeof value === "string" ? JSON.stringify(value) : String(value);

const key_of = key => { const [table, id, ...last] = key.split("."), name = last.join(".");
  return [table, id, ...(name ? [/^[\w-]+$/.test(name) ? name : JSON.stringify(name)] : [])].join("."); };

function toml(changes, now) {
  const changed = { ...embedded.tried, ...changes }, side = value => quoted(value === null ? "none" : value);
  const moves = facts.flatMap((unit, i) => MOVES.filter(what => before[i][what] !== now[i][what])
    .map(what => `${JSON.stringify(unit.unit)}.${what} = [${side(before[i][what])}, ${side(now[i][what])}]`));
  const expected = moves.length && !Object.keys(embedded.tried).length ? ["", "[expected]", ...moves] : [];
  return [`title = ${JSON.stringify(Object.entries(changed).map(pair => pair.join(" = ")).join(", ") || words.untitled)}`,
    "", "[set]", ...Object.entries(changed).map(([key, value]) => `${key_of(key)} = ${quoted(value)}`), ...expected, ""].join("\n");
}

/* the keys under [set], one a line, with those this page has no control for; other tables are about something else */
function opened(text) {
  let table = "";
  const found = {}, unused = [];
  for (const line of text.normalize("NFC").split(/\r?\n/).map(each => each.trim())) {
    const head = /^\[([^\]]+)\]/.exec(line), pair = /^([^=#]+?)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^#\s]+)\s*(?:#.*)?$/.exec(line);
    if (head) table = head[1].trim();
    else if (/^set(\.|$)/.test(table) && line && !line.startsWith("#")) {
      const [, name, value] = pair || [], key = pair && [...table.split(".").slice(1), name.replace(/["']/g, "")].join(".");
      if (key && keys.includes(key)) found[key] = value.replace(/^["']|["']$/g, "");
      else unused.push(line);
    }
  }
  return { found, unused };
}

async function open_file() {
  const [file] = at("open").files;
  if (!file) return;
  const { found, unused } = opened(await file.text()), names = Object.keys(found);
  const told = [names.length ? `${words.opened} ${file.name}: ${names.length} ${words.of_it}` : `${words.not_opened} ${file.name}`,
    ...unused.map(line => `${words.unused}: ${line}`)];
  at("opened").replaceChildren(...told.map(textContent => Object.assign(document.createElement("li"), { textContent })));
  at("open").value = "";
  if (!names.length) return;
  form.reset();
  for (const key of names) form.elements[key].value = found[key];
  keep();
}

/* numbers grouped, the setting in the address */
function keep() {
  for (const control of form.querySelectorAll("[inputmode]")) {
    const value = typed(control);
    if (value !== null) control.value = grouped(value);
  }
  show();
  history.replaceState(null, "", at("link").getAttribute("href"));
}

function reset() {
  form.reset();
  at("opened").replaceChildren();
  keep();
}

/* the setting in the address */
function restore() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (location.hash && !location.hash.includes("=")) return;    // a place on the page
  form.reset();
  for (const key of keys) if (asked.has(key)) form.elements[key].value = asked.get(key);
  keep();
}

window.ctd = Object.freeze({ judge });
form.addEventListener("input", show);
form.addEventListener("change", keep);
form.addEventListener("submit", event => event.preventDefault());
at("reset").addEventListener("click", reset);
at("open").addEventListener("change", open_file);
window.addEventListener("hashchange", restore);
restore();
form.hidden = at("bar").hidden = false;
at("still").hidden = true;
