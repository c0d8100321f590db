"""Domain events. Names in use:

events.ingested         usage events arrived (account_ids)
accounts.changed        accounts were made or edited (account_ids)
measurements.changed    measurements of accounts changed (account_ids)
standing.changed        levels or plan standing changed (account_ids)
"""
