-- The three logins and their database; run once by a superuser with psql:
--   psql -v owner_password=… -v app_password=… -v platform_password=… -f deploy/logins.sql
-- owner changes the schema; app serves requests and tasks and sees one congress at a time;
-- platform works across congresses. None is a superuser, none bypasses row-level security.
\set ON_ERROR_STOP on

CREATE ROLE renda_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
  PASSWORD :'owner_password';
CREATE ROLE renda_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
  PASSWORD :'app_password';
CREATE ROLE renda_platform LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
  PASSWORD :'platform_password';

CREATE DATABASE renda OWNER renda_owner
  TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE renda FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE renda TO renda_app, renda_platform;
