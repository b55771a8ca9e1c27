"""The JSON API under `/api/v1`. A handler reads the request, calls one service function, and gives its result."""
