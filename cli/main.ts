#!/usr/bin/env node
import { runProgram } from "./program";
import { createHost } from "./world";

void runProgram(createHost());
