-- A language of the interface is a catalogue, not a line of the schema: what it may be called is checked, not which.
-- (What a petition is written in stays Dutch or English: its search needs a dictionary.)

alter table staff drop constraint staff_language_check;
alter table staff add constraint staff_language_check check (language ~ '^[a-z]{2,3}$') not valid;
alter table pending_signature drop constraint pending_signature_language_check;
alter table pending_signature
add constraint pending_signature_language_check check (language ~ '^[a-z]{2,3}$') not valid;
alter table signature drop constraint signature_language_check;
alter table signature add constraint signature_language_check check (language ~ '^[a-z]{2,3}$') not valid;
