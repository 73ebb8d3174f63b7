-- Two questions after the outcome, to signatories who asked for news.

create table survey_taken (
    petition_id bigint not null references petition (id),
    token_id bytea not null,
    constraint survey_taken_pkey primary key (petition_id, token_id),
    constraint survey_taken_token_check check (octet_length(token_id) = 16)
);
comment on table survey_taken is
'Which signatories answered, so that each answers once. What they answered stands nowhere beside it, nor when.';
comment on column survey_taken.token_id is
'The random number of the signature: nothing about the person.';

create table survey_count (
    petition_id bigint not null references petition (id),
    question text not null,
    answer text not null,
    answers integer not null,
    constraint survey_count_pkey primary key (petition_id, question, answer),
    constraint survey_count_check check (answers > 0)
);
comment on table survey_count is 'How often each answer was given. No row belongs to a person.';
