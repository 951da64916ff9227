#include "logdetect/learned/allow_path.h"

#include <sys/stat.h>

#include "logdetect/config/allow_file.h"

namespace logdetect {

std::string allow_path(const std::string& model) {
  struct stat facts {};
  const bool directory = ::stat(model.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
  if (directory) {
    return model + (model.ends_with('/') ? "" : "/") + std::string(kAllowFile);
  }
  // The rules lie beside a model that is one file, or that does not exist yet.
  const std::size_t slash = model.rfind('/');
  return (slash == std::string::npos ? std::string() : model.substr(0, slash + 1)) + std::string(kAllowFile);
}

}  // namespace logdetect
