import { describeKills } from "../support/crash-points";

describeKills("CLI");
