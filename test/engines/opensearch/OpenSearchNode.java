import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** One real OpenSearch node in this process. Every argument is a setting of OpenSearch: key=value. */
public class OpenSearchNode {
  /** What the distribution would load from its modules folder. */
  private static final String[] MODULES = {
    "org.opensearch.transport.Netty4ModulePlugin",
    "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
    "org.opensearch.index.mapper.MapperExtrasModulePlugin",
    "org.opensearch.painless.PainlessModulePlugin",
    "org.opensearch.script.expression.ExpressionModulePlugin",
  };

  private static final class EmbeddedNode extends Node {
    EmbeddedNode(Environment environment, List<PluginInfo> plugins) {
      super(environment, plugins, false);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Settings.Builder settings = Settings.builder();
    for (String argument : arguments) {
      int sign = argument.indexOf('=');
      settings.put(argument.substring(0, sign), argument.substring(sign + 1));
    }
    Settings given = settings.build();
    Files.createDirectories(Path.of(given.get("path.home")).resolve("config"));
    Environment environment = InternalSettingsPreparer.prepareEnvironment(given, Map.of(), null, () -> "engine");
    List<PluginInfo> plugins = new ArrayList<>();
    for (String module : MODULES) {
      plugins.add(new PluginInfo(module, "classpath", "NA", Version.CURRENT, "21", module, null, List.of(), false));
    }
    Node node = new EmbeddedNode(environment, plugins);
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        node.close();
      } catch (IOException error) {
        error.printStackTrace();
      }
      main.interrupt();
    }));
    node.start();
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException stopped) {
      return;
    }
  }
}
