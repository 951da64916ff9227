#include "logdetect/detection/incident_grouper.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "detection/open_incident.h"

namespace logdetect {

struct IncidentGrouper::Impl {
  struct Closed {
    Incident incident;
    std::uint64_t begun;
  };

  explicit Impl(const IncidentOptions& given) : options(given) {}

  // Closes the open incidents for which `over` holds.
  template <typename Over>
  void close_if(Over over) {
    for (OpenIncident& incident : open) {
      if (over(incident)) {
        closed.push_back({incident.close(), incident.begun()});
      }
    }
    std::erase_if(open, over);
  }

  OpenIncident* best_for(const Finding& finding, const Coordinate& where, Micros usual_gap) {
    OpenIncident* best = nullptr;
    Affinity best_affinity;
    const bool deployed = follows_deployment(finding, where);
    for (OpenIncident& incident : open) {
      const std::optional<Affinity> affinity = incident.affinity(finding, where, usual_gap);
      if (deployed && affinity && affinity->kin < Affinity::Kin::kTemplate) {
        continue;  // a deployment explains it better than what is merely near
      }
      if (affinity && (best == nullptr || affinity->better_than(best_affinity))) {
        best = &incident;
        best_affinity = *affinity;
      }
    }
    return best;
  }

  // What is new and calm after a deployment was announced, and may not be told apart from it.
  [[nodiscard]] bool follows_deployment(const Finding& finding, const Coordinate& where) const {
    return announced && where.timed && finding.new_template && is_calm(finding) && where.at >= *announced &&
           where.at - *announced <= options.deployment_seconds * kMicrosPerSecond;
  }

  void make_room() {
    while (open.size() >= std::max<std::size_t>(options.max_open, 1)) {
      const auto quietest =
          std::min_element(open.begin(), open.end(),
                           [](const OpenIncident& a, const OpenIncident& b) { return a.touched() < b.touched(); });
      closed.push_back({quietest->close(), quietest->begun()});
      open.erase(quietest);
    }
  }

  const IncidentOptions options;
  std::vector<OpenIncident> open;  // in order of their beginning
  std::vector<Closed> closed;
  Background background;
  std::optional<Micros> announced;  // the last deployment
  std::uint64_t sequence = 0;
};

IncidentGrouper::IncidentGrouper(const IncidentOptions& options) : impl_(std::make_unique<Impl>(options)) {}
IncidentGrouper::~IncidentGrouper() = default;

std::string IncidentGrouper::add(Finding finding, const Completer& complete) {
  const Coordinate where = coordinate_of(finding, impl_->options);
  const std::uint64_t sequence = impl_->sequence++;
  if (!where.timed) {
    // No clock tells that these are over, only the lines of their source.
    impl_->close_if([&](const OpenIncident& incident) { return incident.is_over(where); });
  }
  // Lines are no clock: without time nothing is known of a usual rate.
  const Micros usual_gap = where.timed ? impl_->background.mean_gap(where.at) : std::numeric_limits<Micros>::max();
  if (where.timed && is_strong(finding)) {
    impl_->background.add(where.at);
  }
  if (OpenIncident* incident = impl_->best_for(finding, where, usual_gap); incident != nullptr) {
    incident->join(std::move(finding), where, sequence, complete);
    return incident->id();
  }
  impl_->make_room();
  const bool deployed = impl_->follows_deployment(finding, where);
  impl_->open.emplace_back(std::move(finding), impl_->options, sequence, usual_gap, complete);
  if (deployed) {
    impl_->open.back().deployed(*impl_->announced);
  }
  return impl_->open.back().id();
}

void IncidentGrouper::update(const Finding& finding) {
  for (OpenIncident& incident : impl_->open) {
    if (incident.update(finding)) {
      return;
    }
  }
}

void IncidentGrouper::deployment(Micros at) {
  impl_->announced = std::max(impl_->announced.value_or(at), at);
  for (OpenIncident& incident : impl_->open) {
    if (incident.is_deployment()) {
      incident.deployed(at);
    }
  }
}

void IncidentGrouper::advance(Micros now) {
  const Coordinate where{now, true, {}};
  impl_->close_if([&](const OpenIncident& incident) { return incident.is_over(where); });
}

std::vector<Incident> IncidentGrouper::take_closed() {
  std::vector<Impl::Closed> closed = std::exchange(impl_->closed, {});
  std::sort(closed.begin(), closed.end(), [](const Impl::Closed& a, const Impl::Closed& b) {
    return a.incident.first != b.incident.first ? a.incident.first < b.incident.first : a.begun < b.begun;
  });
  std::vector<Incident> incidents;
  incidents.reserve(closed.size());
  for (Impl::Closed& entry : closed) {
    incidents.push_back(std::move(entry.incident));
  }
  return incidents;
}

void IncidentGrouper::finish() {
  impl_->close_if([](const OpenIncident&) { return true; });
}

}  // namespace logdetect
