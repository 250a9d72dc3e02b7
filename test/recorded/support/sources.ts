/** All that the tests of this folder take from the sources by themselves: a moved file is renamed in one place. */
export { runProgram } from "../../../cli/program";
export { type IssuedToken, startEmulator } from "../../../emulator";
export { type KindName, KINDS } from "../../../provider/kinds";
export { formerLabelOf, labelOf, type Place } from "../../../provider/label";
