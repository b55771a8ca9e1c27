"""People: their passwords, second factors, sign-ins and roles."""
