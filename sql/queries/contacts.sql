-- Declared contacts of committees.

-- name: contacts_about^
-- The referral about which a contact is declared, with its row locked so that numbers are unique. Indexes:
-- referral_pkey, petition_pkey.
select
    r.petition_id, r.id, r.threshold_code, r.committee_slug, r.created_at, p.opened_at, p.procedure_code,
    p.procedure_version
from
    referral as r
inner join petition as p on r.petition_id = p.id
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint
for update of r;

-- name: contact_declare$
-- Store a contact under the next number of its petition; the caller holds the row lock of the referral. The same
-- contact twice is stored once: no row comes back. Index: contact_pkey.
insert into contact (
    petition_id, number, referral_id, met_on, how, who, interest, with_whom, about, staff_id, recorded_at
)
select
    :petition_id::bigint,
    coalesce(max(c.number), 0) + 1,
    :referral_id::bigint,
    :met_on::date,
    :how::text,
    :who::text,
    :interest::text,
    :with_whom::text,
    :about::text,
    :staff_id::bigint,
    :now::timestamptz
from contact as c
where c.petition_id = :petition_id::bigint
having
    not coalesce(
        bool_or(
            c.withdrawn_at is null and c.met_on = :met_on::date and c.who = :who::text and c.about = :about::text
        ), false
    )
returning number;

-- name: contact_withdraw$
-- Mark a contact as wrongly declared. No row: there is none, or a colleague was first. Index: contact_pkey.
update contact
set
    withdrawn_at = :now::timestamptz,
    withdrawn_by = :staff_id::bigint,
    withdrawn_reason = :reason::text
where
    petition_id = :petition_id::bigint
    and referral_id = :referral_id::bigint
    and number = :number::bigint
    and withdrawn_at is null
returning number;

-- name: contacts_of_petition
-- The declared contacts of a petition, newest first. Indexes: contact_pkey, referral_pkey.
select
    c.number, c.referral_id, r.committee_slug, c.met_on, c.how, c.who, c.interest, c.with_whom, c.about, c.withdrawn_at,
    c.withdrawn_reason
from
    contact as c
inner join referral as r on c.petition_id = r.petition_id and c.referral_id = r.id
where
    c.petition_id = :petition_id::bigint
order by
    c.met_on desc, c.number desc;
