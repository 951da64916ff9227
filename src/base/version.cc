#include "logdetect/base/version.h"

namespace logdetect {

std::string_view program_version() {
  return LOGDETECT_VERSION;
}

}  // namespace logdetect
