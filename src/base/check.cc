#include "logdetect/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace logdetect {

void check_failed(const char* expression, const char* message, const char* file, int line) {
  std::fprintf(stderr, "logdetect: internal error: %s (%s) at %s:%d\n", message, expression, file, line);
  std::abort();
}

}  // namespace logdetect
