-- The dossier of a petition: the texts that were handed in.

-- name: petition_texts
-- The texts of a petition as they were submitted, in order. The caller decides which of them are public.
-- No locks. Index: petition_text_pkey.
select
    t.number, t.title, t.request, t.reasons, t.previous_action, t.recorded_at
from
    petition_text as t
where
    t.petition_id = :petition_id::bigint
order by
    t.number;
