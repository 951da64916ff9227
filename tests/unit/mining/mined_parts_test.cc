// The small parts the miner is made of: maps, ids, indexes, evidence and groups.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "logdetect/base/rng.h"
#include "mining/drain_tree.h"
#include "mining/flat_map.h"
#include "mining/group_forms.h"
#include "mining/slot_evidence.h"
#include "mining/template_ids.h"
#include "mining/template_index.h"
#include "mining/template_merge.h"
#include "mining/word_index.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kNone = FlatMap::kNone;

MaskedMessage cut(const std::string& message) {
  static const auto masker = Masker::create({});
  static std::string kept;  // the message points into it
  kept = message;
  MaskedMessage out;
  masker->mask(kept, out);
  return out;
}
Template template_of(const std::string& message) {
  return make_template(cut(message));
}

TEST(FlatMap, AgreesWithTheStandardMap) {
  Rng rng(8);
  FlatMap map;
  std::map<std::uint64_t, std::uint32_t> wanted;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t key = rng.below(3) == 0 ? rng.below(1000) : rng.next() << 20;
    const auto value = static_cast<std::uint32_t>(rng.below(1000));
    map.put(key, value);
    wanted[key] = value;
    ASSERT_EQ(map.size(), wanted.size());
    const std::uint64_t other = rng.below(1000);
    const auto found = wanted.find(other);
    ASSERT_EQ(map.find(other), found == wanted.end() ? kNone : found->second);
  }
  std::map<std::uint64_t, std::uint32_t> visited;
  map.for_each([&](std::uint64_t key, std::uint32_t value) { EXPECT_TRUE(visited.emplace(key, value).second); });
  EXPECT_EQ(visited, wanted);
  map.clear();
  EXPECT_EQ(map.size(), 0U);
  for (const auto& [key, value] : wanted) {
    ASSERT_EQ(map.find(key), kNone);
  }
}

TEST(FlatMap, KeysOfOneSlotAndKeyZeroAreKeptApart) {
  FlatMap map;
  EXPECT_EQ(map.find(0), kNone);
  for (std::uint32_t i = 0; i < 40; ++i) {
    map.put(std::uint64_t{i} << 40, i);
  }
  for (std::uint32_t i = 0; i < 40; ++i) {
    EXPECT_EQ(map.find(std::uint64_t{i} << 40), i);
  }
  EXPECT_EQ(map.find(std::uint64_t{40} << 40), kNone);
}

TEST(TemplateIds, AreSlotsUntilOneIsFreed) {
  TemplateIds ids(10);
  EXPECT_EQ(ids.slot(0), kNone);
  for (std::uint32_t slot = 0; slot < 4; ++slot) {
    EXPECT_EQ(ids.give(slot), slot);
    EXPECT_EQ(ids.slot(slot), slot);
    EXPECT_EQ(ids.slot(slot + 1), kNone);
  }
  // 1 was merged into 0, 2 evicted.
  ids.settle(std::vector<std::uint32_t>{0, 0, kNone, 3});
  EXPECT_EQ(ids.slot(0), 0U);
  EXPECT_EQ(ids.slot(1), 0U);
  EXPECT_EQ(ids.slot(2), kNone);
  EXPECT_EQ(ids.slot(3), 3U);
  EXPECT_EQ(ids.aliases(), 1U);
  EXPECT_EQ(ids.give(1), 4U) << "no id is given twice";
  EXPECT_EQ(ids.id_of(1), 4U);
  EXPECT_EQ(ids.slot(4), 1U);
  EXPECT_EQ(ids.give(9), 5U);
  EXPECT_EQ(ids.id_of(9), 5U);
  ids.settle(std::vector<std::uint32_t>{1, 1, kNone, 3, kNone, kNone, kNone, kNone, kNone, 9});
  EXPECT_EQ(ids.slot(0), 1U);
  EXPECT_EQ(ids.slot(1), 1U) << "an alias goes where its template goes";
  EXPECT_EQ(ids.aliases(), 2U);
  ids.restart(2);
  EXPECT_EQ(ids.slot(1), 1U);
  EXPECT_EQ(ids.slot(2), kNone);
  EXPECT_EQ(ids.aliases(), 0U);
  EXPECT_EQ(ids.give(2), 2U);
}

TEST(TemplateIds, RememberTheLatestAliases) {
  TemplateIds ids(2);
  for (std::uint32_t slot = 0; slot < 5; ++slot) {
    ids.give(slot);
  }
  ids.settle(std::vector<std::uint32_t>{4, 4, 4, 4, 4});
  EXPECT_EQ(ids.aliases(), 2U);
  EXPECT_EQ(ids.slot(1), kNone);
  EXPECT_EQ(ids.slot(2), 4U);
  EXPECT_EQ(ids.slot(3), 4U);
}

TEST(TemplateIds, BeginAgainBehindTwoToThe31) {
  TemplateIds ids(10);
  ids.restart(0x7FFFFFFD);
  ids.settle(std::vector<std::uint32_t>{0, kNone});
  EXPECT_EQ(ids.give(1), 0x7FFFFFFDU);
  EXPECT_EQ(ids.give(2), 0x7FFFFFFEU);
  EXPECT_EQ(ids.give(3), 1U) << "0 is in use";
  EXPECT_EQ(ids.slot(0x7FFFFFFE), 2U);
  TemplateIds none(1);
  none.settle({});
  EXPECT_EQ(none.give(0), 1U);
}

TEST(WordIndex, AgreesWithAWalkOverAllTemplates) {
  Rng rng(6);
  const auto text = [&rng] {
    std::string out = "w" + std::string(1, static_cast<char>('a' + rng.below(12)));
    for (std::uint64_t n = rng.below(6); n > 0; --n) {
      out += rng.below(5) == 0 ? " 5" : " w" + std::string(1, static_cast<char>('a' + rng.below(12)));
    }
    return out;
  };
  std::vector<Template> templates;
  for (int i = 0; i < 60; ++i) {
    templates.push_back(template_of(text()));
  }
  const WordIndex index(templates);
  for (int round = 0; round < 300; ++round) {
    const MaskedMessage message = cut(text());
    double best = 0;
    std::uint32_t wanted = kNone;
    for (std::uint32_t id = 0; id < templates.size(); ++id) {
      std::size_t words = 0;
      std::size_t common = 0;
      for (const Token& token : message.tokens) {
        const bool literal = token.kind == Token::Kind::kWord;
        words += literal ? 1 : 0;
        common += literal && std::any_of(templates[id].tokens.begin(), templates[id].tokens.end(),
                                         [&](const auto& t) { return t.literal() && t.hash == token.hash; })
                      ? 1
                      : 0;
      }
      const double share =
          2.0 * static_cast<double>(common) / static_cast<double>(words + templates[id].literal_count());
      if (share > best) {
        best = share;
        wanted = id;
      }
    }
    ASSERT_EQ(index.nearest(message), wanted) << message.text;
  }
  EXPECT_EQ(index.nearest(cut("zebra")), kNone);
  EXPECT_EQ(WordIndex().nearest(cut("zebra")), kNone);
}

TEST(WordIndex, AWordOfMoreThan4096TemplatesIsNotLookedUp) {
  std::vector<Template> templates(4096, template_of("common word"));
  EXPECT_EQ(WordIndex(templates).nearest(cut("common")), 0U);
  templates.push_back(template_of("common rare"));
  EXPECT_EQ(WordIndex(templates).nearest(cut("common")), kNone);
  EXPECT_EQ(WordIndex(templates).nearest(cut("common rare")), 4096U);
}

/// Values needed in the place of the first word that differs.
std::size_t needed(const std::vector<std::string>& messages) {
  std::vector<Template> templates;
  std::vector<const Template*> members;
  for (const std::string& message : messages) {
    templates.push_back(template_of(message));
  }
  for (const Template& t : templates) {
    members.push_back(&t);
  }
  std::size_t place = 0;
  while (templates[0].tokens[place].hash == templates[1].tokens[place].hash) {
    ++place;
  }
  return values_needed(members, place);
}

TEST(ValuesNeeded, GoByWhatStandsAroundThePlace) {
  EXPECT_EQ(needed({"queue alpha was drained", "queue bravo was drained"}), 5U);
  EXPECT_EQ(needed({"state is now READY", "state is now BUSY"}), 8U);
  EXPECT_EQ(needed({"state is now READY", "state is now busy"}), 8U) << "half of them";
  EXPECT_EQ(needed({"state is now READY", "state is now busy", "state is now idle"}), 5U);
  EXPECT_EQ(needed({"state is now UP", "state is now IN"}), 5U) << "two letters are no constant";
  EXPECT_EQ(needed({"state is now U_2X", "state is now BUSY"}), 8U);
  EXPECT_EQ(needed({"link is now eth0", "link is now wired"}), 2U) << "a value was seen";
  EXPECT_EQ(needed({"opened for user otto", "opened for user nina"}), 2U);
  EXPECT_EQ(needed({"opened for USER otto", "opened for USER nina"}), 2U);
  EXPECT_EQ(needed({"opened for users otto", "opened for users nina"}), 5U);
  for (const char* word : {"username", "host", "hostname", "file", "rule", "interface", "device", "module", "domain",
                           "account", "named", "name", "program", "path", "directory", "node", "database"}) {
    EXPECT_EQ(needed({std::string("it has ") + word + " otto", std::string("it has ") + word + " nina"}), 2U) << word;
  }
  EXPECT_EQ(needed({"it said \"otto\" again", "it said \"nina\" again"}), 3U);
  EXPECT_EQ(needed({"it said 'otto' again", "it said 'nina' again"}), 3U);
  EXPECT_EQ(needed({"it said (otto) again", "it said (nina) again"}), 3U);
  EXPECT_EQ(needed({"it said [otto] again", "it said [nina] again"}), 3U);
  EXPECT_EQ(needed({"it said {otto} again", "it said {nina} again"}), 5U);
  EXPECT_EQ(needed({"it said: otto again", "it said: nina again"}), 3U);
  EXPECT_EQ(needed({"it said:otto again", "it said:nina again"}), 3U);
  EXPECT_EQ(needed({"it said, otto again", "it said, nina again"}), 5U);
  EXPECT_EQ(needed({"it has otto=5 again", "it has nina=5 again"}), 10U);
  EXPECT_EQ(needed({"it has an_a again", "it has an_b again"}), 3U) << "odd words";
  EXPECT_EQ(needed({"it has a-a again", "it has b again"}), 5U) << "half of them odd";
  EXPECT_EQ(needed({"it has a-a again", "it has b again", "it has a/b again"}), 3U);
  EXPECT_EQ(needed({"it has a.a again", "it has b.b again"}), 3U);
}

TEST(ValuesNeeded, MoreWhereHardlyAnotherWordStands) {
  EXPECT_EQ(needed({"queue alpha", "queue bravo"}), 10U);
  EXPECT_EQ(needed({"user alpha", "user bravo"}), 10U);
  EXPECT_EQ(needed({"queue eth0", "queue alpha"}), 5U) << "a value was seen";
  EXPECT_EQ(needed({"5 alpha", "5 bravo"}), 0U) << "never";
}

TEST(SlotGroups, TemplatesThatDifferInOnePlaceMeet) {
  SlotGroups groups;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> grown;
  groups.add(0, template_of("queue alpha was drained"), grown);
  EXPECT_TRUE(grown.empty());
  groups.add(1, template_of("queue bravo was drained"), grown);
  ASSERT_EQ(grown.size(), 1U);
  EXPECT_EQ(grown[0].first, 2U);
  EXPECT_EQ(groups.members(grown[0].second), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(groups.size(), 7U) << "four places each, one of them shared";
  groups.members(grown[0].second).clear();  // as after a merge
  grown.clear();
  groups.add(5, template_of("queue carol was drained"), grown);
  EXPECT_TRUE(grown.empty()) << "one member alone has not met another";
  groups.add(2, template_of("other words stand here"), grown);
  EXPECT_TRUE(grown.empty());
  groups.clear();
  EXPECT_EQ(groups.size(), 0U);
  groups.add(3, template_of("lonely"), grown);
  groups.add(4, template_of("5 lonely"), grown);
  EXPECT_EQ(groups.size(), 1U) << "the value's place has a word beside it";
}

TEST(SlotGroups, HaveAtMost64MembersAndPlaces) {
  SlotGroups groups;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> grown;
  for (std::uint32_t i = 0; i < 80; ++i) {
    groups.add(i, template_of("queue w" + std::string(i + 1, 'x') + " was drained"), grown);
  }
  ASSERT_EQ(grown.size(), 63U);
  EXPECT_EQ(groups.members(grown[0].second).size(), 64U);
  groups.clear();
  std::string message;
  for (int i = 0; i < 70; ++i) {
    message += "w" + std::string(static_cast<std::size_t>(i), 'x') + " ";
  }
  groups.add(0, template_of(message), grown);
  EXPECT_EQ(groups.size(), 64U);
}

TEST(SlotGroups, AHoleHidesWhatStandsInIt) {
  const Template a = template_of("queue alpha was drained");
  const Template b = template_of("queue bravo was drained");
  const Template c = template_of("queue eth0 was drained");
  EXPECT_EQ(hole_key(a, 2), hole_key(b, 2));
  EXPECT_EQ(hole_key(a, 2), hole_key(c, 2));
  EXPECT_NE(hole_key(a, 0), hole_key(b, 0));
  EXPECT_NE(hole_key(a, 2), a.key.route);
}

/// Groups of a message, as their texts joined by '|'.
std::string groups_of(const std::string& text) {
  const MaskedMessage message = cut(text);
  std::vector<PlaceGroup> of_message;
  std::vector<PlaceGroup> of_template;
  find_groups(message, of_message);
  find_groups(make_template(message), of_template);
  EXPECT_EQ(of_message.size(), of_template.size()) << text;
  std::string out;
  for (std::size_t i = 0; i < of_message.size(); ++i) {
    const PlaceGroup& group = of_message[i];
    EXPECT_EQ(group.begin, of_template.at(i).begin) << text;
    EXPECT_EQ(group.end, of_template.at(i).end) << text;
    const Token& first = message.tokens[group.begin];
    const Token& last = message.tokens[group.end - 1];
    out += std::string(message.text.substr(first.begin, last.begin + last.length - first.begin)) + "|";
    std::vector<Token> folded;
    fold_group(message.tokens, group, folded);
    EXPECT_EQ(folded.size(), message.tokens.size() - (group.end - group.begin) + 1) << text;
    EXPECT_EQ(make_key(folded).route, folded_key(make_template(message), group).route) << text;
    EXPECT_EQ(folded[group.begin].begin, first.begin) << text;
    EXPECT_EQ(folded[group.begin].begin + folded[group.begin].length, last.begin + last.length) << text;
  }
  return out;
}

TEST(FindGroups, BracketsQuotesAndPorts) {
  EXPECT_EQ(groups_of("to LOCAL(0), x"), "LOCAL(0)|");
  EXPECT_EQ(groups_of("f(a b) x"), "f(a b)|a b|");
  EXPECT_EQ(groups_of("(a b) x"), "a b|");
  EXPECT_EQ(groups_of("x [a b] {c d}"), "a b|c d|");
  EXPECT_EQ(groups_of("x \"a b\" y"), "a b|") << "no name before a quote";
  EXPECT_EQ(groups_of("x\"a b\" y"), "a b|");
  EXPECT_EQ(groups_of("say \"a (b) c\""), "a (b) c|");
  EXPECT_EQ(groups_of("x (a) y"), "");
  EXPECT_EQ(groups_of("x f[5] y"), "f[5]|");
  EXPECT_EQ(groups_of("via wpad:80 x"), "wpad:80|");
  EXPECT_EQ(groups_of("wpad:80"), "wpad:80|");
  EXPECT_EQ(groups_of("k=a:b, x"), "a:b|");
  for (const char* none :
       {"", "x", "(", "f(", "f)", "f( x", "f[a) b", "a:b:c", "(wpad:80)x", "wpad:80;", "wpad: 80", "f(a(b c"}) {
    EXPECT_EQ(groups_of(none), std::string(none) == "(wpad:80)x" ? "wpad:80|" : "") << none;
  }
}

TEST(FindGroups, AreBoundedInNumberAndLength) {
  EXPECT_EQ(groups_of("f(1) g(1) h(1) i(1) j(1) k(1) l(1)"), "f(1)|g(1)|h(1)|i(1)|j(1)|k(1)|");
  const auto words = [](int n) {
    std::string out = "w";
    for (int i = 1; i < n; ++i) {
      out += " w";
    }
    return out;
  };
  EXPECT_EQ(groups_of("x (" + words(6) + ")"), words(6) + "|") << "thirteen places with the bracket";
  EXPECT_EQ(groups_of("x (" + words(7) + ")"), "") << "fifteen";
  EXPECT_EQ(groups_of("x \"" + words(31) + "\""), words(31) + "|");
  EXPECT_EQ(groups_of("x \"" + words(32) + "\""), "");
}

TEST(FormIndex, FindsTheTemplatesWithAGroupForAValue) {
  FormIndex forms;
  const std::uint64_t route = template_of("sync to 10.0.0.1, x").key.route;
  EXPECT_TRUE(forms.find(route).empty());
  for (std::uint32_t i = 0; i < 70; ++i) {
    forms.add(i, template_of("sync to LOCAL(0), x"));
    ASSERT_EQ(forms.find(route).size(), std::min(i + 1, 64U));
  }
  EXPECT_EQ(forms.find(route)[5], 5U);
  EXPECT_TRUE(forms.find(template_of("sync to 10.0.0.1, y").key.route).empty());
  forms.clear();
  EXPECT_TRUE(forms.find(route).empty());
  Template pinned = template_of("sync to LOCAL(0), x");
  pinned.pinned = true;
  forms.add(1, pinned);
  EXPECT_TRUE(forms.find(route).empty());
}

TEST(DrainTree, LeavesGoBySkeletonAndLeadingWords) {
  DrainTree tree(4, 100);
  const std::uint32_t leaf = tree.leaf(template_of("a b c d"));
  EXPECT_EQ(tree.leaf(template_of("a b x y")), leaf) << "two words lead";
  EXPECT_NE(tree.leaf(template_of("a x c d")), leaf);
  EXPECT_NE(tree.leaf(template_of("a b c")), leaf);
  EXPECT_NE(tree.leaf(template_of("a,b c d")), leaf);
  EXPECT_EQ(tree.leaf(template_of("a 5 c d")), tree.leaf(template_of("a 10.0.0.1 x y"))) << "a value is any value";
  tree.add(leaf, 7);
  ASSERT_EQ(tree.templates(leaf).size(), 1U);
  EXPECT_EQ(tree.templates(leaf)[0], 7U);
  DrainTree deep(5, 100);
  EXPECT_NE(deep.leaf(template_of("a b c d")), deep.leaf(template_of("a b x d")));
  EXPECT_EQ(deep.leaf(template_of("a b c d")), deep.leaf(template_of("a b c x")));
  DrainTree flat(3, 100);
  EXPECT_EQ(flat.leaf(template_of("a b c")), flat.leaf(template_of("a x c")));
  EXPECT_NE(flat.leaf(template_of("a b c")), flat.leaf(template_of("x b c")));
}

TEST(DrainTree, AFullNodeSendsFurtherWordsToItsWildcard) {
  DrainTree tree(3, 3);
  std::vector<std::uint32_t> leaves;
  for (const char* text : {"a x", "b x", "c x", "d x", "e x", "a y"}) {
    leaves.push_back(tree.leaf(template_of(text)));
  }
  EXPECT_NE(leaves[0], leaves[1]);
  EXPECT_NE(leaves[1], leaves[2]);
  EXPECT_NE(leaves[2], leaves[3]);
  EXPECT_EQ(leaves[3], leaves[4]);
  EXPECT_EQ(leaves[0], leaves[5]);
  EXPECT_EQ(tree.nodes(), 6U + 4U) << "root, skeleton, three words, the wildcard; and four leaves";
  // Skeletons are as many as there are.
  std::vector<std::uint32_t> shapes;
  for (const char* text : {"a", "a b c", "a b c d", "a b c d e", "a b c d e f"}) {
    shapes.push_back(tree.leaf(template_of(text)));
  }
  std::sort(shapes.begin(), shapes.end());
  EXPECT_EQ(std::unique(shapes.begin(), shapes.end()), shapes.end());
  tree.clear();
  EXPECT_EQ(tree.nodes(), 1U);
}

TEST(Similarity, TheBoundIsExactForAFewPlaces) {
  EXPECT_DOUBLE_EQ(similarity_bound(template_of("a b c d"), template_of("a b x d")), 0.75);
  EXPECT_DOUBLE_EQ(similarity_bound(template_of("a b"), template_of("c d")), 0);
  EXPECT_DOUBLE_EQ(similarity_bound(template_of("a b c"), template_of("a b")), 1);
  EXPECT_DOUBLE_EQ(similarity_bound(template_of("()"), template_of("[]")), 1);
  EXPECT_DOUBLE_EQ(similarity(template_of(","), template_of(",")), 1);
  std::string a;
  for (int i = 0; i < 20; ++i) {
    a += "w ";
  }
  EXPECT_DOUBLE_EQ(similarity_bound(template_of(a), template_of(a)), 1);
  EXPECT_DOUBLE_EQ(similarity_bound(template_of(a), template_of("x" + a.substr(1))), 0.95);
}

TEST(TemplateIndex, FindsByTheExactKeyAndByOpenedPlaces) {
  TemplateIndex index;
  const auto find = [&](const std::string& text) {
    const MaskedMessage message = cut(text);
    return index.find(message.tokens, message.key);
  };
  EXPECT_EQ(find("queue alpha was drained"), kNone);
  index.add(3, template_of("queue alpha was drained"));
  EXPECT_EQ(find("queue alpha was drained"), 3U);
  EXPECT_EQ(find("queue bravo was drained"), kNone);
  Template opened = template_of("queue alpha was drained");
  opened.open_place(2);
  opened.refresh();
  index.add(5, opened);
  EXPECT_EQ(find("queue alpha was drained"), 3U) << "the exact key comes first";
  EXPECT_EQ(find("queue bravo was drained"), 5U);
  EXPECT_EQ(find("queue 77 was drained"), 5U);
  EXPECT_EQ(find("queue bravo was filled"), kNone);
  EXPECT_EQ(index.routes(), 2U);
  EXPECT_EQ(index.place_sets(), 1U);
  index.add(5, opened);
  EXPECT_EQ(index.place_sets(), 1U);
  ByteWriter out;
  index.save(out);
  const std::string bytes = out.take();
  for (const std::size_t templates : {std::size_t{6}, std::size_t{5}}) {
    TemplateIndex loaded;
    ByteReader in(bytes, "index");
    loaded.load(in, templates);
    EXPECT_EQ(in.ok(), templates == 6);
    if (templates == 6) {
      EXPECT_TRUE(in.finish().ok());
      EXPECT_EQ(loaded.place_sets(), 1U);
      const MaskedMessage message = cut("queue bravo was drained");
      EXPECT_EQ(loaded.find(message.tokens, message.key), 5U);
    }
  }
  index.remap(std::vector<std::uint32_t>{kNone, kNone, kNone, kNone, kNone, 0});
  EXPECT_EQ(find("queue alpha was drained"), 0U) << "by its opened place now";
  index.remap({});
  EXPECT_EQ(index.routes(), 0U);
  index.clear();
  EXPECT_EQ(index.place_sets(), 0U);
}

TEST(TemplateIndex, ASkeletonIsCrowdedFrom32SetsOn) {
  TemplateIndex index;
  const Template plain = template_of("a b c d e f g h");
  for (std::uint32_t set = 1; set <= 33; ++set) {
    EXPECT_EQ(index.crowded(plain.key.skeleton), set > 32) << set;
    Template opened = plain;
    for (std::size_t bit = 0; bit < 8; ++bit) {
      if ((set >> bit & 1U) != 0) {
        opened.open_place(2 * bit);
      }
    }
    opened.refresh();
    index.add(set, opened);
  }
  EXPECT_FALSE(index.crowded(plain.key.skeleton + 1));
}

}  // namespace
}  // namespace logdetect
