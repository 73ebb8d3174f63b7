-- Loading: what the start records of the rules of bodies and of committees.

-- name: committee_record!
-- Record a committee of the data files in the database. Index: committee_pkey.
insert into committee (slug, body)
values (:slug::text, :body::text)
on conflict (slug) do update set body = excluded.body;

-- name: procedure_record$
-- Record a procedure version; returns the hash that the database already has for it. Index: procedure_version_pkey.
with given as (
    insert into procedure_version (code, version, body, content_hash, loaded_at)
    values (:code::text, :version::integer, :body::text, :content_hash::text, :now::timestamptz)
    on conflict (code, version) do nothing
    returning content_hash
)
select content_hash from given
union all
select v.content_hash from procedure_version as v
where v.code = :code::text and v.version = :version::integer
limit 1;

-- name: procedure_in_use$
-- Whether a petition is pinned to this version. Index: none (only when a file has changed).
select exists(
    select 1 from petition as p
    where p.procedure_code = :code::text and p.procedure_version = :version::integer and p.stage <> 'draft'
);

-- name: procedure_replace!
-- Replace the hash of a version that no petition is pinned to. Index: procedure_version_pkey.
update procedure_version
set content_hash = :content_hash::text
where code = :code::text and version = :version::integer;
