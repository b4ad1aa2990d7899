-- Two owners who have nothing to do with each other.
create extension audit_immutable;
create role mallory login;
create role bob login;
create schema m authorization mallory;
create schema bob authorization bob;
set role mallory;
create table m.mine (v text) using audit_immutable;
reset role;
