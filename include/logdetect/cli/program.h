#pragma once

namespace logdetect {

/// Runs the command line: parses, does what it says, prints errors. Returns the exit status.
/// Throws only what means a bug or no memory; report_crash() words it.
int run_program(int argc, char** argv);

/// Opens the standard descriptors that the caller left closed on /dev/null, so that no file of ours takes their number.
void keep_standard_descriptors();

/// Says on standard error that the program failed and returns the exit status for that.
int report_crash(const char* what);

}  // namespace logdetect
