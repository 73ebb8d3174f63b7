-- The survey after the outcome: answers are counted without storing who gave them.

-- name: survey_about^
-- The facts behind a link to the survey: the latest decision, whether the signature still exists, and whether its owner
-- has answered. Indexes: petition_pkey, referral_pkey, signature_token_key, survey_taken_pkey.
select
    p.id, p.title, p.language, p.stage, p.text_hidden, p.timezone,
    (
        select max(r.decided_at) from referral as r
        where r.petition_id = p.id
    ) as decided_at,
    exists (
        select 1 from signature as s
        where s.petition_id = p.id and s.token_id = :token_id::bytea
    ) as signed,
    exists (
        select 1 from survey_taken as t
        where t.petition_id = p.id and t.token_id = :token_id::bytea
    ) as taken
from
    petition as p
where
    p.id = :petition_id::bigint;

-- name: survey_take$
-- Record that this signatory answered. No row: they did before. Index: survey_taken_pkey.
insert into survey_taken (petition_id, token_id)
values (:petition_id::bigint, :token_id::bytea)
on conflict do nothing
returning petition_id;

-- name: survey_add!
-- Count the answers of one signatory; the rows are locked in the order of the questions. Index: survey_count_pkey.
insert into survey_count (petition_id, question, answer, answers)
select :petition_id::bigint, a.question, a.answer, 1
from unnest(:questions::text[], :answers::text[]) as a (question, answer)
order by
    a.question
on conflict (petition_id, question, answer) do update
set
    answers = survey_count.answers + 1;

-- name: survey_result
-- The counts of a petition. Index: survey_count_pkey.
select
    c.question, c.answer, c.answers
from
    survey_count as c
where
    c.petition_id = :petition_id::bigint;
