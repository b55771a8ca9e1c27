"""The demonstration: a service on this machine alone, with invented people and the published Kyrgyz response."""
