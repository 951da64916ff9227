#include "logdetect/detection/finding_ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace logdetect {
namespace {

constexpr Micros kTime = 1'705'290'135'000'000;  // 2024-01-15T03:42:15Z
constexpr FindingFacts kFacts{FindingKind::kLine, "app.log", kTime, "login of <*> failed", ""};

std::string first_id(const FindingFacts& facts) {
  FindingIds ids;
  return ids.next(facts);
}

TEST(FindingIds, AreStable) {
  EXPECT_EQ(first_id(kFacts), first_id(kFacts));
  EXPECT_EQ(first_id(kFacts), "F-dfc447eb1188");  // a known value, so that it cannot drift unnoticed
}

TEST(FindingIds, EveryFactCounts) {
  std::vector<FindingFacts> all(6, kFacts);
  all[1].kind = FindingKind::kBurst;
  all[2].stream = "app2.log";
  all[3].time = kTime + 1;
  all[4].template_text = "login of <*> refused";
  all[5].session = "job_1";
  std::set<std::string> ids;
  for (const FindingFacts& facts : all) {
    ids.insert(first_id(facts));
  }
  EXPECT_EQ(ids.size(), all.size());
}

TEST(FindingIds, EqualsAreToldApartByTheirOrdinal) {
  FindingIds one;
  FindingIds other;
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(one.next(kFacts));
  }
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 3U);
  FindingFacts different = kFacts;
  different.time = kTime - 1;
  for (const std::string& id : ids) {
    EXPECT_NE(other.next(different), id);
    EXPECT_EQ(other.next(kFacts), id) << "what came between does not count";
  }
}

TEST(FindingIds, OrdinalsAreRememberedForAsManyFactsAsPromised) {
  FindingIds ids;
  const std::string first = ids.next(kFacts);
  FindingFacts other = kFacts;
  for (std::size_t i = 1; i < FindingIds::kRemembered; ++i) {
    other.time = kTime + static_cast<Micros>(i);
    static_cast<void>(ids.next(other));
  }
  const std::string second = ids.next(kFacts);
  EXPECT_NE(second, first);
  for (std::size_t i = 0; i < FindingIds::kRemembered; ++i) {
    other.time = kTime - 1 - static_cast<Micros>(i);
    static_cast<void>(ids.next(other));
  }
  EXPECT_NE(ids.next(kFacts), first) << "two parts, of which the older one still knows it";
  for (std::size_t i = 0; i < 2 * FindingIds::kRemembered; ++i) {
    other.time = 1 + static_cast<Micros>(i);
    static_cast<void>(ids.next(other));
  }
  EXPECT_EQ(ids.next(kFacts), first) << "memory is bounded";
}

TEST(IncidentId, IsOfItsFirstFinding) {
  Finding finding;
  finding.id = "F-0123456789ab";
  finding.source = "/var/log/app.log";
  const std::string id = incident_id(finding);
  EXPECT_EQ(id.size(), 14U);
  EXPECT_TRUE(id.starts_with("I-"));
  finding.source = "app.log";
  EXPECT_EQ(incident_id(finding), id) << "no path";
  finding.id = "F-0123456789ac";
  EXPECT_NE(incident_id(finding), id);
}

TEST(IncidentId, IsAKnownValue) {
  Finding finding;
  finding.id = "F-0123456789ab";
  EXPECT_EQ(incident_id(finding), "I-d601872762a7");  // so that it cannot drift unnoticed
}

TEST(FindingIds, OfASessionAreAKnownValue) {
  const FindingFacts facts{FindingKind::kSession, "app.log", kTime, "login of <*> failed", "job_1"};
  FindingIds ids;
  EXPECT_EQ(ids.next(facts), "F-f3f2e9f692ed");
  EXPECT_EQ(ids.next(facts), "F-445e76c3c28c");
}

}  // namespace
}  // namespace logdetect
