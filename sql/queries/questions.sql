-- Public questions between a committee and an initiator.

-- name: question_write$
-- Store a question or an answer under the next number of its petition; the caller holds the row lock of the referral.
-- Index: question_pkey.
-- always one row
insert into question (
    petition_id, number, referral_id, answers, side, name, staff_id, text, answer_by, state, written_at, decided_at
)
select
    :petition_id::bigint,
    coalesce(max(q.number), 0) + 1,
    :referral_id::bigint,
    :answers::integer,
    :side::text,
    :name::text,
    :staff_id::bigint,
    :text::text,
    :answer_by::date,
    :state::text,
    :now::timestamptz,
    case when :state::text = 'published' then :now::timestamptz end
from question as q
where q.petition_id = :petition_id::bigint
returning number;

-- name: questions_of_petition
-- Every question and answer of a petition, in the order in which they were written. Indexes: question_pkey,
-- referral_pkey.
-- one of few words: side, state
select
    q.number, q.referral_id, r.committee_slug, q.answers, q.side, q.name, q.text, q.answer_by, q.state, q.written_at,
    q.decided_at, q.ground, q.reason
from
    question as q
inner join referral as r on q.petition_id = r.petition_id and q.referral_id = r.id
where
    q.petition_id = :petition_id::bigint
order by
    q.number;

-- name: questions_waiting
-- Questions and answers that wait for a moderator, oldest first, an answer with its question. Indexes:
-- question_waiting_idx, question_pkey.
select
    q.petition_id, q.number, q.name, q.text, q.written_at, p.title, p.language, p.procedure_code, p.procedure_version,
    a.text as question
from
    question as q
inner join petition as p on q.petition_id = p.id
left join question as a on q.petition_id = a.petition_id and q.answers = a.number
where
    q.state = 'waiting'
order by
    q.written_at
limit 200;

-- name: question_locked^
-- A question for the decision of a moderator, with its row locked. Indexes: question_pkey, referral_pkey.
-- one of few words: side
select
    q.petition_id, q.number, q.referral_id, q.answers, q.side, q.name, q.text, q.state, q.written_at,
    r.committee_slug, r.threshold_code, a.text as question
from
    question as q
inner join referral as r on q.petition_id = r.petition_id and q.referral_id = r.id
left join question as a on q.petition_id = a.petition_id and q.answers = a.number
where
    q.petition_id = :petition_id::bigint
    and q.number = :number::bigint
for update of q;

-- name: question_decide!
-- Publish or refuse a pending question or answer. The caller holds the row lock. Index: question_pkey.
update question
set
    state = :state::text,
    decided_at = :now::timestamptz,
    decided_by = :staff_id::bigint,
    ground = :ground::text,
    reason = :reason::text
where
    petition_id = :petition_id::bigint
    and number = :number::integer
    and state = 'waiting';

-- name: question_referral$
-- The referral about which a question was asked. Index: question_pkey.
select q.referral_id
from question as q
where
    q.petition_id = :petition_id::bigint
    and q.number = :number::bigint
    and q.answers is null;

-- name: questions_about^
-- The referral of a question or answer, with its row locked so that two answers cannot interfere. Indexes:
-- referral_pkey, petition_pkey.
select
    r.petition_id, r.id, r.threshold_code, r.committee_slug, r.state, p.stage, p.procedure_code, p.procedure_version
from
    referral as r
inner join petition as p on r.petition_id = p.id
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint
for update of r;

-- name: questions_so_far
-- The questions and answers about a referral, for the rules. Index: question_pkey.
-- one of few words: side, state
select
    q.number, q.answers, q.side, q.state, q.text
from
    question as q
where
    q.petition_id = :petition_id::bigint
    and q.referral_id = :referral_id::bigint
order by
    q.number;
