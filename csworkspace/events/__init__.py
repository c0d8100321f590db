"""Domain events. Names in use:

accounts.changed        accounts were made or edited (account_ids)
measurements.changed    measurements of accounts changed (account_ids)
standing.changed        levels or plan standing changed (account_ids)
workspace.zone_changed  days begin at another hour: what was counted by day is to be counted anew
"""
