/** The Rego policy language: compile modules to JavaScript, evaluate, explain, track reads, probe with unknown strings. */
export { AnyUnder } from './abstract.ts';
export type { Module } from './compile.ts';
export { RegoError, RegoErrors, RegoEvalError } from './errors.ts';
export type { RegoErrorCode, RegoEvalErrorCode } from './errors.ts';
export type { BodyTrace, FailedStep, ReadFact, Use } from './explain.ts';
export { compile } from './program.ts';
export type { CompileOptions, Entrypoint, Explained, Probe, Program } from './program.ts';
export type { Json } from './values.ts';
