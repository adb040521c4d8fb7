using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Rollouts.Cli.Tests.Pipelines;

/// <summary>A pipeline recipe's shell steps, as its system would run them.</summary>
internal sealed partial class Recipe
{
    private Recipe(IReadOnlyList<ShellStep> steps) => Steps = steps;

    public IReadOnlyList<ShellStep> Steps { get; }

    /// <summary>The roles that the recipe says its token needs.</summary>
    public static IReadOnlyList<string> Roles(bool azure)
    {
        string[] comments = [.. File.ReadLines(PathOf(azure ? "azure-pipelines.yaml" : "github-actions.yaml")).Where(l => l.StartsWith('#'))];
        return [.. Role().Matches(comments.Single(l => l.Contains("an Entra token with the role", StringComparison.Ordinal))).Select(m => m.Value)];
    }

    public static Recipe GitHub()
    {
        IDictionary<object, object> job = Map(Map(Read("github-actions.yaml")["jobs"])["rollout"]);
        return new Recipe([.. Shell(job["steps"], "run", "name", "if")]);
    }

    public static Recipe Azure()
    {
        IDictionary<object, object> job = Map(((IList<object>)Read("azure-pipelines.yaml")["jobs"])[0]);
        return new Recipe([.. Shell(job["steps"], "bash", "displayName", "condition")]);
    }

    private static IEnumerable<ShellStep> Shell(object steps, string script, string name, string condition) =>
        from step in ((IList<object>)steps).Select(Map)
        where step.ContainsKey(script)
        select new ShellStep(
            (string)step[name],
            (string)step[script],
            step.TryGetValue(condition, out object? when) ? (string)when : null,
            step.TryGetValue("env", out object? given) ? [.. Map(given).Keys.Cast<string>()] : []);

    private static IDictionary<object, object> Read(string name) =>
        Map(new DeserializerBuilder().Build().Deserialize<object>(File.ReadAllText(PathOf(name))));

    private static string PathOf(string name) => Path.Combine(Root(), "infra", "pipelines", name);

    [GeneratedRegex(@"rollouts\.(read|start|decide)")]
    private static partial Regex Role();

    private static IDictionary<object, object> Map(object node) => (IDictionary<object, object>)node;

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RolloutFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the repository is not above the tests");
    }
}

/// <summary>One of them.</summary>
/// <param name="Name">What the recipe calls it.</param>
/// <param name="Script">For bash.</param>
/// <param name="Condition">When it runs; null after success.</param>
/// <param name="Environment">Names of variables that it is given, which Azure Pipelines does for secrets only when told.</param>
internal sealed record ShellStep(string Name, string Script, string? Condition, IReadOnlyList<string> Environment);
