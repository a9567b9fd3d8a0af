"""What strangers' files hold, as plain grids: opened by a small process of its own, which knows nothing else of ours."""
