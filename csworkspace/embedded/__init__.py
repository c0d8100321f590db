"""PostgreSQL and Valkey from Python wheels, for running without installing servers.

Nothing in here imports Django: settings and manage.py use it before Django starts.
"""
