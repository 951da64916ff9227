#include "logdetect/judging/allowances.h"

#include <sys/stat.h>

#include <utility>

#include "logdetect/config/allow_file.h"

namespace logdetect {

Allowances::Stamp Allowances::stamp_of(const std::string& path) {
  struct stat facts {};
  if (path.empty() || ::stat(path.c_str(), &facts) != 0) {
    return {};
  }
  return {facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_size};
}

Result<Allowances> Allowances::load(const std::string& path) {
  Allowances allowances;
  allowances.path_ = path;
  allowances.stamp_ = stamp_of(path);
  LD_ASSIGN(std::vector<AllowRule> rules, read_allow_file(path));
  allowances.uses_.assign(rules.size(), 0);
  allowances.list_ = AllowList(std::move(rules));
  return allowances;
}

bool Allowances::allow(std::string_view template_text, std::string_view message, std::string_view host,
                       std::string_view component, std::optional<Micros> time) {
  const std::optional<std::size_t> rule = list_.find(template_text, message, host, component, time);
  if (rule) {
    ++uses_[*rule];
  }
  return rule.has_value();
}

Result<void> Allowances::refresh() {
  const Stamp now = stamp_of(path_);
  if (path_.empty() || now == stamp_) {
    return {};
  }
  stamp_ = now;  // a broken file is complained about once, not at every look
  LD_ASSIGN(Allowances fresh, load(path_));
  // A rule that is still there, whatever its id or reason is now, keeps what it was used for.
  for (std::size_t i = 0; i < fresh.uses_.size(); ++i) {
    const std::string rule = allow_rule_id(fresh.list_.rules()[i]);
    for (std::size_t old = 0; old < uses_.size(); ++old) {
      fresh.uses_[i] += allow_rule_id(list_.rules()[old]) == rule ? uses_[old] : 0;
    }
  }
  *this = std::move(fresh);
  return {};
}

std::vector<std::string> Allowances::unused() const {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    if (uses_[i] == 0) {
      ids.push_back(list_.rules()[i].id);
    }
  }
  return ids;
}

}  // namespace logdetect
