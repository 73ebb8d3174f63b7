"""The life of a petition: draft, sponsors, moderation, signing, thresholds, referral, outcome."""
