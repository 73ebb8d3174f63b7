"""The desk of a committee: its list and calendar, and the rooms of a referral."""
