using Rollouts.AzureStorage.Tests.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteServer))]
