// The names under which the page speaks of what the service sends and takes; the shapes come from its OpenAPI document.
import type { components } from "../../clients/typescript/stint-api";

type S = components["schemas"];
export type Request = S["RosterRequest"];
export type Roster = S["Roster"];
export type Job = S["Job"];
export type Fault = S["Fault"];
export type Progress = S["Progress"];
export type Schedule = S["Schedule"];
export type Shift = S["Shift"];
export type Activity = S["Activity"];
export type Agent = S["Agent"];
export type WorkPlan = S["WorkPlan"];
export type Rule = S["Rule"];
export type Cost = S["Cost"];
export type CoverageSeries = S["CoverageSeries"];
export type Violation = S["Violation"];
export type Message = S["Message"];
export type Statistics = S["Statistics"];
export type Evaluation = S["Evaluation"];
export type Validation = S["Validation"];
export type PinnedShift = S["PinnedShift"];
export type Explanation = S["Explanation"];
export type Prediction = S["Prediction"];
