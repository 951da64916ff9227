#include <exception>
#include <new>

#include "logdetect/cli/program.h"

int main(int argc, char** argv) {
  try {
    // First: the next file would get the number of a standard descriptor that the caller closed.
    logdetect::keep_standard_descriptors();
    return logdetect::run_program(argc, argv);
  } catch (const std::bad_alloc&) {
    return logdetect::report_crash("out of memory");
  } catch (const std::exception& exception) {
    return logdetect::report_crash(exception.what());
  } catch (...) {
    return logdetect::report_crash("unknown exception");
  }
}
