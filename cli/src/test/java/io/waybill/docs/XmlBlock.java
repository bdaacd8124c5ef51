package io.waybill.docs;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Dependencies: ours are in the BOM or are the BOM, others are in the parent's pom.xml, in the version that it has. */
final class XmlBlock {

    private static final String OURS = "io.waybill";
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)\\}");

    private XmlBlock() {}

    static void check(Block block) {
        List<Map<String, String>> dependencies = dependencies("<any>" + block.text() + "</any>");
        if (dependencies.isEmpty()) {
            throw new IllegalArgumentException("want a <dependency>");
        }
        for (Map<String, String> dependency : dependencies) {
            Map<String, String> known = known(dependency);
            for (Map.Entry<String, String> part : dependency.entrySet()) {
                String wanted = part.getKey().equals("scope") ? part.getValue() : known.get(part.getKey());
                if (!part.getValue().equals(wanted) || !isScope(part)) {
                    throw new IllegalArgumentException(
                            "%s is '%s', want '%s'".formatted(part.getKey(), part.getValue(), String.valueOf(wanted)));
                }
            }
        }
    }

    private static boolean isScope(Map.Entry<String, String> part) {
        return !part.getKey().equals("scope") || part.getValue().matches("test|runtime|provided|import");
    }

    private static Map<String, String> known(Map<String, String> dependency) {
        String group = dependency.getOrDefault("groupId", "");
        String artifact = dependency.getOrDefault("artifactId", "");
        if (group.equals(OURS) && artifact.equals("bom")) {
            return Map.of("groupId", group, "artifactId", artifact, "type", "pom", "version", property("revision"));
        }
        String pom = group.equals(OURS) ? "bom/pom.xml" : "pom.xml";
        return dependencies(Repository.text(pom)).stream()
                .map(XmlBlock::resolved)
                .filter(managed -> group.equals(managed.get("groupId")) && artifact.equals(managed.get("artifactId")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s has no %s:%s".formatted(pom, group, artifact)));
    }

    private static Map<String, String> resolved(Map<String, String> dependency) {
        Map<String, String> resolved = new TreeMap<>(dependency);
        resolved.replaceAll((key, value) -> PROPERTY.matcher(value)
                .replaceAll(found -> property(found.group(1).replace("project.version", "revision"))));
        return resolved;
    }

    private static String property(String name) {
        String text = Repository.text("pom.xml");
        int from = text.indexOf('<' + name + '>') + name.length() + 2;
        return text.substring(from, text.indexOf("</" + name + '>', from));
    }

    private static List<Map<String, String>> dependencies(String xml) {
        List<Map<String, String>> dependencies = new ArrayList<>();
        try {
            DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            parser.setErrorHandler(new DefaultHandler()); // which throws and prints nothing
            NodeList found =
                    parser.parse(new InputSource(new StringReader(xml))).getElementsByTagName("dependency");
            for (int i = 0; i < found.getLength(); i++) {
                Map<String, String> parts = new TreeMap<>();
                for (Node part = found.item(i).getFirstChild(); part != null; part = part.getNextSibling()) {
                    if (part instanceof Element element) {
                        parts.put(element.getTagName(), element.getTextContent().strip());
                    }
                }
                dependencies.add(parts);
            }
            return dependencies;
        } catch (SAXException e) {
            throw new IllegalArgumentException("no XML: " + e.getMessage(), e);
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
