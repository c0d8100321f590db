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
news.changed            news of accounts was entered or removed (account_ids)
incidents.changed       an incident was entered or changed (incident_id)
visits.changed          customers looked into the portal for the first time on a day (account_ids)
indicators.changed      readings of indicators changed (account_ids)
signals.changed         signals were raised or changed state (account_ids, raised: signal ids)
plays.changed           plays were started or changed state (account_ids)
plays.step_ended        what an active step of a play waited for is there (step_id, outcome, note, error)
tasks.changed           tasks were made or changed (account_ids)
recommendations.changed recommendations were made, answered or taken up (account_ids)
members.deactivated     a member lost the access (membership_id)
playbooks.changed       a playbook was published, paused, resumed or retired (playbook_id)
mail.ended              a mail was sent, never will be, or came back later (mail_id)
mail.doubted            whether a mail was sent is not known: a person has to decide (mail_id)
webhooks.ended          a delivery was taken by the other system, or given up (delivery_id)
workspace.currency_changed  amounts are compared in another currency
workspace.zone_changed  days begin at another hour: what was counted by day is to be counted anew
"""
