#include "logdetect/parsing/line_marker.h"

#include <utility>

#include "parsing/pattern.h"

namespace logdetect {

struct LineMarker::Impl {
  std::unique_ptr<re2::RE2> pattern;  // null: marks nothing
};

LineMarker::LineMarker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineMarker::~LineMarker() = default;
LineMarker::LineMarker(LineMarker&&) noexcept = default;
LineMarker& LineMarker::operator=(LineMarker&&) noexcept = default;

Result<LineMarker> LineMarker::create(const std::string& pattern, const std::string& where) {
  auto impl = std::make_unique<Impl>();
  if (!pattern.empty()) {
    LD_ASSIGN(impl->pattern, compile_pattern(pattern, where));
  }
  return LineMarker(std::move(impl));
}

bool LineMarker::active() const {
  return impl_->pattern != nullptr;
}

bool LineMarker::marks(std::string_view record) const {
  return impl_->pattern != nullptr &&
         impl_->pattern->Match({record.data(), record.size()}, 0, record.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace logdetect
