#!/usr/bin/env node
import { runProgram } from "./program";
import { createWorld } from "./world";

void runProgram(createWorld());
