import { endProgramHosts } from "./program-hosts";

afterAll(endProgramHosts);
