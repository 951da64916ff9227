#pragma once

#include <cstddef>

namespace logdetect {

enum class Color { kAuto, kAlways, kNever };

struct ReportOptions {
  bool coloured = false;
  bool verbose = false;        ///< text: a block per finding
  bool plain = false;          ///< text: ASCII only
  bool every_finding = false;  ///< findings come one by one through finding(); do not repeat them under incidents
  std::size_t top = 20;        ///< text: incidents shown; 0 shows all
  std::size_t width = 100;     ///< text: columns
};

}  // namespace logdetect
