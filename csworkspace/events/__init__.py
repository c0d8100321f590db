"""Domain events. Names in use:

accounts.changed        accounts were made or edited (account_ids)
contacts.changed        people of accounts were added, edited or removed (account_ids)
measurements.changed    measurements of accounts changed (account_ids)
standing.changed        levels or plan standing changed (account_ids)
book.changed            what the book computes changed: standing, headline, rates (account_ids, None: all)
reports.issued          a report was issued (account_id, report_id, report_kind, report_title, period,
                        issued_on)
services.changed        services owed were made, delivered or waived (account_ids)
tiers.changed           a tier promises other terms from a day on (tier_id)
segments.changed        accounts entered or left a segment (segment_id, entered, left)
workspace.currency_changed  amounts are compared in another currency
workspace.zone_changed  days begin at another hour: what was counted by day is to be counted anew
"""
