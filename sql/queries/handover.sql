-- Hand-over of signatures: the right to export, requests, downloads, and the rows themselves.

-- name: export_right^
-- Whether a person may export signatures of petitions of a committee at present. Indexes: primary keys.
select
    t.may_export and t.active and c.staff_id is not null as may_export, t.name
from
    staff as t
left join staff_committee as c on t.id = c.staff_id and c.committee_slug = :committee::text and c.role = 'clerk'
where
    t.id = :staff_id::bigint;

-- name: export_petition^
-- The petition and referral whose signatures are requested, with the key that decrypts them. Indexes: primary keys.
select
    r.petition_id, r.id as referral_id, r.committee_slug, p.procedure_code, p.procedure_version, p.data_key, p.salt,
    p.forgotten_at, p.timezone, p.language, v.state as verification_state
from
    referral as r
inner join petition as p on r.petition_id = p.id
left join verification as v on r.petition_id = v.petition_id and r.id = v.referral_id
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint;

-- name: export_ask$
-- Record a request: who asks for what, and why. Index: none needed.
insert into export (petition_id, referral_id, staff_id, content, format, purpose, asked_at, expires_at, most)
values (
    :petition_id::bigint, :referral_id::bigint, :staff_id::bigint, :content::text, :format::text, :purpose::text,
    :now::timestamptz, :expires_at::timestamptz, :most::integer
)
returning id;

-- name: export_asked^
-- One request with the number of its downloads. Indexes: export_pkey, export_log_export_idx.
-- one of few words: content
select
    x.petition_id, x.id, x.referral_id, x.staff_id, x.content, x.format, x.purpose, x.asked_at, x.expires_at, x.most,
    (select count(*) from export_log as l where l.petition_id = x.petition_id and l.export_id = x.id) as downloads
from
    export as x
where
    x.petition_id = :petition_id::bigint
    and x.referral_id = :referral_id::bigint
    and x.id = :export_id::bigint;

-- name: export_log_add$
-- Record a download; no row when the request has reached its maximum. The request's row is locked first, so that
-- concurrent downloads are counted one after the other. Indexes: export_pkey, export_log_export_idx.
with asked as (
    select
        x.petition_id, x.id, x.most
    from
        export as x
    where
        x.petition_id = :petition_id::bigint
        and x.id = :export_id::bigint
    for update
)
insert into export_log (petition_id, export_id, staff_id, downloaded_at, signatures, sha256)
select
    a.petition_id, a.id, :staff_id::bigint, :now::timestamptz, :signatures::integer, :sha256::text
from
    asked as a
where
    (select count(*) from export_log as l where l.petition_id = a.petition_id and l.export_id = a.id) < a.most
returning id;

-- name: export_rows
-- The next signatures that count, encrypted, in the order of their keys. Index: signature_pkey.
select
    s.email_index, s.contact, s.signed_at
from
    signature as s
where
    s.petition_id = :petition_id::bigint
    and s.email_index > :after::bytea
    and s.contact is not null
    and (:valid_since::timestamptz is null or s.signed_at >= :valid_since::timestamptz)
order by
    s.email_index
limit :most::integer;

-- name: export_letters
-- The next signatories who were drawn and have not answered, encrypted, in the order of their places.
-- Indexes: verification_sample_pkey, signature_token_key.
select
    x.place, s.email_index, s.contact, s.signed_at
from
    verification_sample as x
inner join signature as s on x.petition_id = s.petition_id and x.token_id = s.token_id
where
    x.petition_id = :petition_id::bigint
    and x.referral_id = :referral_id::bigint
    and x.place > :after::integer
    and x.result is null
    and s.contact is not null
order by
    x.place
limit :most::integer;

-- name: export_extent^
-- How many signatures would be exported, and how many are left out and why. Index: signature_pkey.
-- may be null: valid_since
select
    count(*) filter (where s.contact is null) as erased,
    count(*) filter (where s.contact is not null and s.signed_at < :valid_since::timestamptz) as too_old,
    count(*) filter (where s.contact is not null and coalesce(s.signed_at >= :valid_since::timestamptz, true)) as handed
from
    signature as s
where
    s.petition_id = :petition_id::bigint;

-- name: exports_of_referral
-- The requests for one referral, the latest first, with their downloads. Indexes: export_pkey, export_log_export_idx.
select
    x.id, x.staff_id, x.content, x.format, x.purpose, x.asked_at, x.expires_at, x.most, t.name as asked_by,
    coalesce(d.downloads, '[]'::jsonb) as downloads
from
    export as x
inner join staff as t on x.staff_id = t.id
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'downloaded_at', l.downloaded_at, 'by', b.name, 'signatures', l.signatures, 'sha256', l.sha256
            )
            order by l.id
        ) as downloads
    from export_log as l
    inner join staff as b on l.staff_id = b.id
    where l.petition_id = x.petition_id and l.export_id = x.id
) as d on true
where
    x.petition_id = :petition_id::bigint
    and x.referral_id = :referral_id::bigint
order by
    x.id desc
limit :most::integer;

-- name: exports_latest
-- The latest requests of all committees with their downloads, for administrators. Index: export_pkey.
select
    x.petition_id, x.id, x.content, x.format, x.purpose, x.asked_at, x.expires_at, x.most, r.committee_slug as committee,
    p.title, p.language, t.name as asked_by, count(l.id) as downloads, max(l.signatures) as signatures,
    max(l.downloaded_at) as downloaded_at, count(*) over () as total
from
    export as x
inner join referral as r on x.petition_id = r.petition_id and x.referral_id = r.id
inner join petition as p on x.petition_id = p.id
inner join staff as t on x.staff_id = t.id
left join export_log as l on x.petition_id = l.petition_id and x.id = l.export_id
group by
    x.petition_id, x.id, r.committee_slug, p.title, p.language, t.name
order by
    x.asked_at desc, x.id desc
limit :size::integer
offset :skipped::integer;
