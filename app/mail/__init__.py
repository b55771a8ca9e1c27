"""Mail: what is written to people, and how it is handed to a mail server."""
