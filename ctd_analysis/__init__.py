"""ctd-analysis: the year-end appraisal of a provincial Red Cross society, as notebooks and a library."""

__version__ = "0.1.0"
