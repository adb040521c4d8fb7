using YamlDotNet.Serialization;

namespace Rollouts.Cli.Tests.Pipelines;

/// <summary>A pipeline recipe's shell steps, as its system would run them.</summary>
internal sealed class Recipe
{
    private Recipe(IReadOnlyList<ShellStep> steps) => Steps = steps;

    public IReadOnlyList<ShellStep> Steps { get; }

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
        Map(new DeserializerBuilder().Build().Deserialize<object>(File.ReadAllText(Path.Combine(Root(), "infra", "pipelines", name))));

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
