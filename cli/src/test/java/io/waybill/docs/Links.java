package io.waybill.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Links to other files and headings of the repository. */
final class Links {

    private static final Pattern LINK = Pattern.compile("\\]\\((?![a-z]+:)(?<file>[^)#\\s]*)(?:#(?<anchor>[^)]*))?\\)");

    private Links() {}

    /** What is wrong with the page's links; those that leave the repository are not followed. */
    static List<String> problems(Page page) throws IOException {
        List<String> problems = new ArrayList<>();
        Path here = Path.of("/").resolve(page.name());
        for (int i = 0; i < page.prose().size(); i++) {
            String at = "%s:%d: ".formatted(page.name(), i + 1);
            for (var link : LINK.matcher(page.prose().get(i)).results().toList()) {
                String name = link.group(1).isEmpty()
                        ? page.name()
                        : here.resolveSibling(link.group(1))
                                .normalize()
                                .toString()
                                .substring(1);
                if (!Files.exists(Repository.file(name))) {
                    problems.add(at + "there is no file " + name);
                } else if (link.group(2) != null) {
                    Page target = name.equals(page.name()) ? page : Page.read(name);
                    if (!anchors(target).contains(link.group(2))) {
                        problems.add(at + "%s has no heading #%s".formatted(name, link.group(2)));
                    }
                }
            }
        }
        return problems;
    }

    /** As GitHub makes them: lower case, hyphens for blanks, no other punctuation, a number where one comes again. */
    private static Set<String> anchors(Page page) {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : page.prose()) {
            if (line.matches("#{1,6} .*")) {
                String anchor = line.replaceFirst("#+ +", "")
                        .strip()
                        .replaceAll("\\[(.*?)\\]\\(.*?\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
                        .replace(' ', '-');
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }
}
