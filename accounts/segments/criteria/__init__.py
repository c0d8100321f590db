"""The fields that this floor knows: each module registers the criteria of one side of an account."""
