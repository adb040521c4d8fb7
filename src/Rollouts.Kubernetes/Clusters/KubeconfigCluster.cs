using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>A cluster that a kubeconfig file leads to, with whatever credentials and TLS settings stand there.</summary>
public sealed record KubeconfigCluster
{
    private const string Variable = "KUBECONFIG";

    /// <summary>The file. Null (the default) takes the files of <c>$KUBECONFIG</c>, merged as kubectl does, else <c>~/.kube/config</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The context. Null (the default) takes the file's current context.</summary>
    public string? Context { get; init; }

    /// <summary>A client of the cluster; nothing is sent yet.</summary>
    /// <exception cref="PortException">Kind Invalid: no such file or context, or the file can't be read.</exception>
    public IKubernetes Connect() => ClusterClient.Of(Configuration(), TimeProvider.System);

    internal KubernetesClientConfiguration Configuration()
    {
        FileInfo[] files = Files();
        string names = string.Join(", ", files.Select(f => f.FullName));
        try
        {
            List<K8SConfiguration> configs = [.. files.Select(Read)];
            string known = Contexts(configs);
            string? context = Context ?? configs.Select(c => c.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c));
            if (string.IsNullOrEmpty(context))
            {
                throw Invalid($"kubeconfig {names} has no current context: name one of {known}");
            }

            if (configs.Find(c => c.Contexts?.Any(x => x.Name == context) == true) is not { } config)
            {
                throw Invalid($"kubeconfig {names} has no context `{context}`: name one of {known}");
            }

            config.Clusters = configs.SelectMany(c => c.Clusters ?? []).DistinctBy(c => c.Name).ToList();
            config.Users = configs.SelectMany(c => c.Users ?? []).DistinctBy(u => u.Name).ToList();
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(config, context);
        }
        catch (Exception problem) when (problem is KubeConfigException or YamlException or IOException or UnauthorizedAccessException or FormatException
            or System.Security.Cryptography.CryptographicException)
        {
            throw Invalid($"kubeconfig {names} can't be used: {problem.Message}", problem);
        }
    }

    private static K8SConfiguration Read(FileInfo file)
    {
        K8SConfiguration config = KubernetesYaml.Deserialize<K8SConfiguration>(File.ReadAllText(file.FullName))
            ?? throw Invalid($"kubeconfig {file.FullName} is empty");
        // Files that it names are found beside it.
        config.FileName = file.FullName;
        return config;
    }

    private FileInfo[] Files()
    {
        if (!string.IsNullOrEmpty(Path))
        {
            return File.Exists(Path) ? [new FileInfo(Path)] : throw Invalid($"kubeconfig {Path} does not exist");
        }

        string[] named = (Environment.GetEnvironmentVariable(Variable) ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (named.Length > 0)
        {
            // As kubectl, a file of the list that is not there is passed over.
            FileInfo[] present = [.. named.Where(File.Exists).Select(f => new FileInfo(f))];
            return present.Length > 0 ? present : throw Invalid($"${Variable} is set to {string.Join(", ", named)}, which does not exist");
        }

        string home = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home) ? [new FileInfo(home)] : throw Invalid($"no kubeconfig: {home} does not exist and ${Variable} is not set");
    }

    private static string Contexts(List<K8SConfiguration> configs) =>
        configs.SelectMany(c => c.Contexts ?? []).Select(c => c.Name).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "(it has no contexts)";

    private static PortException Invalid(string message, Exception? inner = null) => new(FailureKind.Invalid, message, inner);
}
