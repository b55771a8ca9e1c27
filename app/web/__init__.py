"""The pages: drawn by the server, usable without a script."""
