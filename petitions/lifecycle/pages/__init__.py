"""The pages of the life of a petition, for the public, initiators, moderators and committees."""
