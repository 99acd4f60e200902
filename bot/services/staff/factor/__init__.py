"""A second factor for what is dangerous: codes of an app, its pages, and what stands in the way without one."""
