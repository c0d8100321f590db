"""Domain events. Names in use:

accounts.changed        accounts were made or edited (account_ids)
measurements.changed    measurements of accounts changed (account_ids)
standing.changed        levels or plan standing changed (account_ids)
book.changed            what is computed for the book changed: standing, headline (account_ids, None: all)
reports.issued          a report was issued (account_id, report_id, kind, period, issued_on, title)
services.changed        services owed were made, delivered or waived (account_ids)
segments.changed        accounts entered or left a segment (segment_id, entered, left)
workspace.zone_changed  days begin at another hour: what was counted by day is to be counted anew
"""
