#include "models/window_cache.h"

#include <algorithm>

namespace logdetect {

bool WindowCache::find(const Hash128& content, std::span<float> last) const {
  const std::lock_guard lock(mutex_);
  if (table_.empty()) {
    return false;
  }
  const std::size_t place = content.low & (entries_ - 1);
  const Entry& entry = table_[place];
  if (!(entry.content == content) || entry.known < last.size() || entry.known == 0) {
    return false;
  }
  const auto end = errors_.begin() + static_cast<std::ptrdiff_t>((place + 1) * length_);
  std::copy(end - static_cast<std::ptrdiff_t>(last.size()), end, last.begin());
  return true;
}

void WindowCache::put(const Hash128& content, std::span<const float> last) {
  if (last.empty() || last.size() > length_) {
    return;
  }
  const std::lock_guard lock(mutex_);
  if (table_.empty()) {
    table_.resize(entries_);
    errors_.resize(entries_ * length_);
  }
  const std::size_t place = content.low & (entries_ - 1);
  Entry& entry = table_[place];
  if (entry.content == content && entry.known >= last.size()) {
    return;
  }
  entry.content = content;
  entry.known = static_cast<std::uint32_t>(last.size());
  const auto end = errors_.begin() + static_cast<std::ptrdiff_t>((place + 1) * length_);
  std::copy(last.begin(), last.end(), end - static_cast<std::ptrdiff_t>(last.size()));
}

}  // namespace logdetect
