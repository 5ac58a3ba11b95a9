/** The Rego policy language: compile modules to JavaScript, evaluate, explain, track reads, probe with unknown strings. */
export { AnyUnder } from './abstract.ts';
export type { Module } from './compile.ts';
export { RegoError, RegoErrors, RegoEvalError } from './errors.ts';
export type { RegoErrorCode, RegoEvalErrorCode } from './errors.ts';
export type { BodyTrace, FailedStep, ReadFact, Use } from './explain.ts';
export type { Host } from './host.ts';
export { marshal, parseJson } from './json.ts';
export { compile } from './program.ts';
export type { CompileOptions, Entrypoint, EvaluationOptions, Explained, Probe, Program } from './program.ts';
export type { Json, Value } from './values.ts';
